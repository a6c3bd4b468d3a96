"""Many reports become what the public gets: one database, one data package, the pages."""
