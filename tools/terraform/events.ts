interface JsonLine {
  readonly type?: string;
  readonly '@timestamp'?: string;
  readonly hook?: {
    readonly action?: string;
    readonly elapsed_seconds?: number;
    readonly resource?: { readonly addr?: string };
  };
  readonly change?: { readonly action?: string; readonly resource?: { readonly addr?: string } };
  readonly changes?: Readonly<Record<string, number | string>>;
  readonly diagnostic?: { readonly severity?: string; readonly address?: string };
}

/** Kinds of lines that say something about a resource or the whole run. Everything else is left out. */
const kinds = /^(apply|provision|refresh|planned_change|resource_drift|change_summary|diagnostic)/;

/**
 * What a call of Terraform with `-json` did, a line each: time, kind, action, address, seconds, counts. Safe to publish by
 * construction: only these fields are copied, all of which follow from the code. No value, id, output or message of a
 * resource, a provider or AWS is among them.
 */
export function eventsOf(output: string): string[] {
  return output.split('\n').flatMap((text) => {
    const line = text.startsWith('{') ? parse(text) : undefined;
    if (!line?.type || !kinds.test(line.type) || line.type === 'apply_progress') return [];
    const { hook, change, changes, diagnostic } = line;
    const counts = Object.entries(changes ?? {}).map(([name, count]) => `${name}=${count}`);
    const fields = [
      line['@timestamp'],
      line.type,
      hook?.action ?? change?.action ?? diagnostic?.severity,
      hook?.resource?.addr ?? change?.resource?.addr ?? diagnostic?.address,
      hook?.elapsed_seconds === undefined ? undefined : `${hook.elapsed_seconds} s`,
      ...counts,
    ];
    return [fields.filter((field) => field !== undefined && field !== '').join('  ')];
  });
}

function parse(text: string): JsonLine | undefined {
  try {
    return JSON.parse(text) as JsonLine;
  } catch {
    return undefined;
  }
}
