/**
 * Key words that PostgreSQL reserves, also as function or type names (PostgreSQL 16 documentation, appendix C, "SQL Key
 * Words"). RDS refuses them as names: "can't be a reserved word for the chosen database engine" (RDS API reference,
 * CreateDBInstance, CreateDBCluster).
 */
const keyWords = [
  'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column',
  'concurrently constraint create cross current_catalog current_date current_role current_schema current_time',
  'current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from',
  'full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime',
  'localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning',
  'right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user',
  'using variadic verbose when where window with',
].flatMap((line) => line.split(' '));

/**
 * `admin` is refused for both names (aws-saas-boost issue 180; aws-cdk issue 10579); the others exist in every RDS
 * PostgreSQL.
 */
const takenDatabases = ['admin', 'rdsadmin', 'template0', 'template1'];
/**
 * Roles that PostgreSQL (CREATE ROLE: `public` and `none` are reserved) and RDS reserve; RDS's other roles begin with
 * `rds`.
 */
const takenUsers = ['admin', 'none', 'public'];

/** Reason why RDS for PostgreSQL and Aurora PostgreSQL refuse a database name; undefined if they accept it. */
export function refusedDatabase(name: string): string | undefined {
  return refused(name, takenDatabases);
}

/** Reason why they refuse the name of an administrator. */
export function refusedUser(name: string): string | undefined {
  const word = name.toLowerCase();
  if (/^pg_/.test(word)) return 'begins with pg_, as the roles of PostgreSQL itself do';
  if (/^rds/.test(word)) return 'begins with rds, as the roles of RDS do';
  return refused(name, takenUsers);
}

function refused(name: string, taken: readonly string[]): string | undefined {
  const word = name.toLowerCase();
  if (keyWords.includes(word)) return 'is a key word of PostgreSQL';
  return taken.includes(word) ? 'is reserved by RDS' : undefined;
}
