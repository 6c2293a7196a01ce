"""The pure logic of studies: allocation, drawing, response rates."""
