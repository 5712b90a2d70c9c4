DROP TABLE events;
DROP TABLE provider_gauges;
DROP TABLE job_lanes;
DROP TABLE job_steps;
DROP TABLE jobs;
DROP TABLE model_routes;
DROP TABLE models;
