"""The pure logic of authoring: drafts as documents, their parts and arrangement, and what stands in their way."""
