/** Id of the finding on a further checker that failed. */
export const FAILED_CHECKER = 'checker-failed';

const PREFIX = 'checker/';

/** Id of a rule of a further checker: `checker/CKV_AWS_1`. */
export const checkerRule = (id: string) =>
  `${PREFIX}${String(id)
    .replaceAll(/[^\w.:/-]+/g, '-')
    .slice(0, 100)}`;

export const isCheckerRule = (id: string) => id.startsWith(PREFIX);
