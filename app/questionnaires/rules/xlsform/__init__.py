"""XLSForm, the way many tools write a questionnaire as a workbook: read as a document, and written from one."""
