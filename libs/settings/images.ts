import { includesLevel } from './adoption';
import type { Environment } from './environment';
import type { Problem } from './problem';
import { either, named, text } from './schema';
import type { SettingsInput } from './settings-input';

/** Where instances get their AMI from: the name of an SSM parameter, or one AMI id per region key. */
export type Image = string | Readonly<Record<string, string>>;

/** A setting with an {@link Image}. */
export const imageSetting = (note: { readonly is: string; readonly replaces: string }) =>
  either(
    {
      is: `${note.is} The name of an SSM parameter, read at every launch, or one AMI id per region key: \`docs/runbooks/rollout.md\`.`,
      limits: 'in profile `production`, plans for AWS take AMI ids only',
      replaces: note.replaces,
    },
    [
      text({ is: 'Name of an SSM parameter, which begins with /.' }),
      named('By region key.', text({ is: 'AMI id, `ami-…`.' })),
    ],
  );

/**
 * Image id of a launch template: `ami-…`, or `resolve:ssm:…`, which EC2 resolves at every launch.
 * @throws Error when there is none for the region; the settings check reports it first
 */
export function imageIdIn(image: Image, regionKey: string): string {
  if (typeof image === 'string') return `resolve:ssm:${image}`;
  const id = Object.hasOwn(image, regionKey) ? image[regionKey] : undefined;
  if (id === undefined) throw new Error(`there is no image for region ${regionKey}`);
  return id;
}

/** Parameters and ids of a form that AWS refuses, and regions without an image. */
export function checkImage(
  image: Image,
  { regions }: Pick<SettingsInput, 'regions'>,
): { readonly path: string; readonly what: string; readonly remedy: string }[] {
  if (typeof image === 'string') {
    if (image.startsWith('/')) return [];
    const what = `"${image}" is not a full name of an SSM parameter`;
    return [{ path: '', what, remedy: 'begin it with /, or write one AMI id per region' }];
  }
  return [
    ...regions
      .filter(({ key }) => !Object.hasOwn(image, key))
      .map(({ key }) => ({ path: '', what: `there is no image for region ${key}`, remedy: `add ${key}: 'ami-…'` })),
    ...Object.entries(image).flatMap(([key, id]) => {
      const path = `.${key}`;
      if (!regions.some((region) => region.key === key)) {
        const keys = regions.map((region) => region.key).join(', ');
        return [{ path, what: `there is no region "${key}"`, remedy: `use one of ${keys}` }];
      }
      return /^ami-[0-9a-f]{8,17}$/.test(id)
        ? []
        : [{ path, what: `"${id}" is not an AMI id`, remedy: 'write it as ami-…' }];
    }),
  ];
}

/**
 * Images of a production environment that a parameter names: a new one would arrive in both regions at the next launches,
 * in no plan and through no gate. Offline plans and emulators accept them; plans and deploys to AWS do not.
 */
export function unpinnedImages({ name, profile, level, applications, inspection }: Environment): Problem[] {
  if (profile === 'development') return [];
  const images = new Map<string, Image>(
    Object.entries(applications).flatMap(([application, { releases }]) =>
      Object.entries(releases).flatMap(([colour, { runs, image }]): [string, Image][] =>
        runs === 'container' ? [] : [[`applications.${application}.releases.${colour}.image`, image]],
      ),
    ),
  );
  if (includesLevel(level, 'inspected')) images.set('inspection.image', inspection.image);
  return [...images].flatMap(([path, image]) =>
    typeof image === 'string'
      ? [
          {
            where: `infra.config.ts: environments.${name}.${path}`,
            what: `"${image}" can be another image at every launch, in all regions at once`,
            remedy: 'write one AMI id per region key, and promote new ones by a rollout: docs/runbooks/rollout.md',
          },
        ]
      : [],
  );
}
