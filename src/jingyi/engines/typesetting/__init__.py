"""Documents made ready to print: fonts, the page of GB/T 9704-2012, PDF and DOCX."""
