import { gzipSync } from 'node:zlib';
import { GitHubError, type GitHubClient } from './github-client';

export interface UploadSarifOptions {
  /** Text of the SARIF file. */
  readonly sarif: string;
  /** Commit that the run checked out. */
  readonly commit: string;
  /** `refs/pull/7/merge`, `refs/heads/main` */
  readonly ref: string;
}

/**
 * Gives findings to code scanning: https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
 * @returns false where the repository has no code scanning
 */
export async function uploadSarif(client: GitHubClient, { sarif, commit, ref }: UploadSarifOptions): Promise<boolean> {
  const body = { commit_sha: commit, ref, sarif: gzipSync(sarif).toString('base64'), tool_name: 'platform review' };
  try {
    await client.post('/code-scanning/sarifs', body);
    return true;
  } catch (error) {
    const isOff =
      error instanceof GitHubError &&
      [403, 404].includes(error.status) &&
      /code (scanning|security).*(not enabled|must be enabled)|advanced security must be enabled/i.test(error.message);
    if (isOff) return false;
    throw error;
  }
}
