// graphile-worker with a task that does nothing.
import { run, runMigrations, Logger } from "graphile-worker";

const [what, concurrency] = process.argv.slice(2);
const connectionString = process.env.DATABASE_URL;
const logger = new Logger(() => () => {});

if (what === "migrate") {
  await runMigrations({ connectionString, logger });
} else {
  const runner = await run({
    connectionString,
    logger,
    concurrency: Number(concurrency),
    maxPoolSize: 8,
    pollInterval: 1000,
    taskList: { nothing: async () => {} },
  });
  await runner.promise;
}
