import { globalNames } from './physical-names';
import type { Problem } from './problem';
import { repeated, type SettingsInput } from './settings-input';

/** S3 user guide, "General purpose bucket naming rules". */
const reservedStarts = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const reservedEnds = ['-s3alias', '--ol-s3', '--x-s3', '--table-s3'];

/** Names that are unique in the world: no two environments or regions give one name, and none is reserved. */
export function checkPhysicalNames(input: SettingsInput): Problem[] {
  const names = globalNames(input);
  const problems: Problem[] = repeated(names, ({ kind, name }) => `${kind} ${name}`)
    // A setting that meets itself has one line, and one of its own check: two environments of one domain, a region called api.
    .filter(([{ where }, first]) => where !== first.where)
    .filter(([{ what }, first]) => !(what === 'the domain' && first.what === 'the domain'))
    .map(([{ kind, name, what, where }, first]) => ({
      where,
      what: `${what} gets the ${kind} "${name}", which is that of ${first.what} (${first.where})`,
      remedy: 'give one of the two another name',
    }));
  for (const { kind, name, where } of names) {
    if (kind !== 'bucket') continue;
    const start = reservedStarts.find((text) => name.startsWith(text));
    const end = reservedEnds.find((text) => name.endsWith(text));
    if (start === undefined && end === undefined) continue;
    problems.push({
      where,
      what: `the bucket name "${name}" ${start === undefined ? `ends with ${end}` : `begins with ${start}`}, which S3 reserves`,
      remedy:
        start === undefined
          ? 'use another name of the bucket, or another region key'
          : 'use another name of the organisation',
    });
  }
  return atMostOnePerSetting(problems);
}

/** Every region of an environment has the same to say. */
function atMostOnePerSetting(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ where }, index) => problems.findIndex((other) => other.where === where) === index);
}
