DROP TABLE features;
DROP TABLE conversation_turns;
DROP TABLE conversations;
DROP TABLE share_links;
DROP TABLE projects;
