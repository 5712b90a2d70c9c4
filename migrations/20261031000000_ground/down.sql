DROP TABLE schema_window;
