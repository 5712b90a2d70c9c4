DROP FUNCTION activities_prune;
DROP TABLE activities;
DROP FUNCTION activities_refuse_rewriting;
DROP FUNCTION is_json_object;
DROP FUNCTION is_prose;
DROP FUNCTION is_line;
