/**
 * The database's migrations: entry N takes it from version N to N + 1 (`PRAGMA user_version`).
 * An entry that has been released is never changed.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE deployments (
    id TEXT PRIMARY KEY,
    plan TEXT NOT NULL,
    desired TEXT NOT NULL CHECK (desired IN ('up', 'nothing')),
    ends TEXT,
    created_at_ms INTEGER NOT NULL,
    connected_at_ms INTEGER
  ) STRICT;

  CREATE TABLE acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deployment_id TEXT NOT NULL,
    verb TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER
  ) STRICT;

  CREATE TABLE steps (
    act_id INTEGER NOT NULL REFERENCES acts (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    step TEXT NOT NULL,
    PRIMARY KEY (act_id, ordinal)
  ) STRICT;

  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE deployments ADD COLUMN profile TEXT;

  CREATE TABLE profile_uses (
    name TEXT PRIMARY KEY,
    connected_at_ms INTEGER NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE deployments ADD COLUMN bastions TEXT NOT NULL DEFAULT '[]';
  UPDATE deployments SET bastions =
    json_array(json_object('index', 1, 'launch', 1, 'machineId', id || '-b1', 'ends', json(ends)))
    WHERE ends IS NOT NULL;
  ALTER TABLE deployments DROP COLUMN ends;
  `,
  `
  CREATE TABLE spending (
    deployment_id TEXT PRIMARY KEY,
    traffic TEXT NOT NULL,
    counters TEXT NOT NULL,
    alerted_percent INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE machines (
    deployment_id TEXT NOT NULL REFERENCES spending (deployment_id) ON DELETE CASCADE,
    instance_id TEXT NOT NULL,
    instance_type TEXT NOT NULL,
    market TEXT NOT NULL CHECK (market IN ('on-demand', 'spot')),
    region TEXT NOT NULL,
    spot_prices TEXT NOT NULL,
    launched_at_ms INTEGER NOT NULL,
    last_seen_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    PRIMARY KEY (deployment_id, instance_id)
  ) STRICT;
  `,
  `
  ALTER TABLE deployments ADD COLUMN tuned TEXT NOT NULL DEFAULT '[]';
  `,
  `
  CREATE TABLE autoscaling (
    deployment_id TEXT PRIMARY KEY,
    memory TEXT NOT NULL,
    decisions TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE probes (
    id TEXT PRIMARY KEY,
    started_at_ms INTEGER NOT NULL,
    summary TEXT NOT NULL,
    report TEXT NOT NULL
  ) STRICT;

  CREATE TABLE probe_sites (
    probe_id TEXT PRIMARY KEY,
    target TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE attempts (
    deployment_id TEXT PRIMARY KEY,
    attempt TEXT NOT NULL
  ) STRICT;
  `,
]

export const SCHEMA_VERSION = MIGRATIONS.length
