"""The pure logic of surveys: whether a link opens, what a form holds, how a page is put together."""
