// How the private PostgreSQL is set: durable and small, without a network. Durability settings stay
// at PostgreSQL's own safe values (fsync, full_page_writes, synchronous_commit are on).

/** Name of the socket file is `.s.PGSQL.<port>`; no port is opened. */
export const PORT = 5432;
export const USER = "sluice";

/** Passed as `-c name=value`, so that no file in the cluster can override them. */
export const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "",
  port: String(PORT),
  // Write permission on the socket is what connecting takes: our own uid, and root.
  unix_socket_permissions: "0700",
  max_connections: "100",
  shared_buffers: "64MB",
  // No replica is ever attached, so the log needs only what crash recovery reads.
  wal_level: "minimal",
  max_wal_senders: "0",
  max_replication_slots: "0",
  max_logical_replication_workers: "0",
  // Bounds disk use and, after a crash, the time until ready.
  min_wal_size: "32MB",
  max_wal_size: "256MB",
  // Three resident processes fewer; the data fits into memory.
  io_method: "sync",
  jit: "off",
  max_parallel_workers_per_gather: "0",
  // The queue's table turns over quickly.
  autovacuum_naptime: "15s",
  // Notices that a client was killed even while its query runs.
  client_connection_check_interval: "1s",
  timezone: "UTC",
  log_timezone: "UTC",
  // The server's own life; errors of statements go to who sent them.
  log_min_messages: "log",
  log_checkpoints: "off",
};
