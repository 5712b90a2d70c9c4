"""Keeps a peer busy from several processes and threads, and tells what came of it as JSON.

`prepare URL USERS` makes the tables and the accounts; `run URL USERS SECONDS CLIENTS RUN` charges.
"""

import concurrent.futures
import json
import multiprocessing
import random
import sys
import threading
import time

# One process cannot use two processors here, so there are two.
PROCESSES = 2


# How many accounts are made at once.
THREADS = 8

# A process that has not connected, or not ended, by then will not.
PATIENCE = 60


def work(client, url, users, seconds, threads, run, process, ready, start, results):
    try:
        charge = client(url, threads, users)
    except Exception as error:
        results.put(([], [f"{type(error).__name__}: {error}"]))
        ready.release()
        return
    latencies, failures, lock = [], [], threading.Lock()

    def keep_charging(thread):
        picks = random.Random(process * 1000 + thread)
        made, own, wrong = 0, [], []
        end = time.perf_counter() + seconds
        while (begun := time.perf_counter()) < end:
            made += 1
            key = f"{run}-{process}-{thread}-{made}"
            try:
                if not charge(picks.randrange(users), key):
                    wrong.append("a fresh charge was refused or taken for a replay")
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")
            else:
                own.append(int((time.perf_counter() - begun) * 1e6))
        with lock:
            latencies.extend(own)
            failures.extend(wrong)

    ready.release()
    start.wait()
    threads = [threading.Thread(target=keep_charging, args=(n,)) for n in range(threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((latencies, failures))


def run(client, url, users, seconds, clients, name):
    context = multiprocessing.get_context("spawn")
    ready, start, results = context.Semaphore(0), context.Event(), context.Queue()
    shared = (ready, start, results)
    processes = [
        context.Process(
            target=work,
            args=(client, url, users, seconds, clients // PROCESSES, name, number, *shared),
            daemon=True,
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        if not ready.acquire(timeout=PATIENCE):
            sys.exit("a process did not connect")
    start.set()
    latencies, failures = [], []
    for _ in processes:
        some, wrong = results.get(timeout=seconds + PATIENCE)
        latencies += some
        failures += wrong
    for process in processes:
        process.join()
    print(json.dumps({"latencies_us": latencies, "failures": len(failures), "first": failures[:1]}))


def main(prepare, client):
    command, url, users, *rest = sys.argv[1:]
    if command == "prepare":
        fund = prepare(url, THREADS)
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            # Failures are raised as results are taken.
            list(pool.map(fund, range(int(users))))
    else:
        seconds, clients, name = rest
        run(client, url, int(users), float(seconds), int(clients), name)
