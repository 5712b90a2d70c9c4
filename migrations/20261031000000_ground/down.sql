DROP FUNCTION event_xact;
DROP SEQUENCE event_numbers;
DROP TABLE schema_window;
