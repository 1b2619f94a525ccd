/** One thing that Terraform or a provider says about a configuration. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Resource, data source or provider that it is about. */
  readonly address?: string;
  /** File in the configuration's folder, with the line. */
  readonly file?: string;
  readonly line?: number;
  /** The lines of the file that it is about. */
  readonly snippet?: string;
}

interface JsonDiagnostic {
  severity?: string;
  summary?: string;
  detail?: string;
  address?: string;
  range?: { filename?: string; start?: { line?: number } };
  snippet?: { context?: string; code?: string };
}

/**
 * The diagnostics in what a call of Terraform printed: lines of the machine-readable UI (`-json`), the one object of
 * `validate -json`, the text with boxes, or the text of `-no-color`.
 */
export function readDiagnostics(output: string): Diagnostic[] {
  const text = output.replace(ANSI, '');
  const found = [...fromJson(text), ...fromText(text.replace(/^\{.*$/gm, ''))];
  const seen = new Set<string>();
  return found.filter((diagnostic) => {
    const key = JSON.stringify(diagnostic);
    return !seen.has(key) && seen.add(key);
  });
}

// eslint-disable-next-line no-control-regex -- the escape character is what is looked for
const ANSI = /\u001b\[[0-9;]*[A-Za-z]/g;

function fromJson(text: string): Diagnostic[] {
  const whole = text.trimStart().startsWith('{') ? parse(text) : undefined;
  if (whole) return [...(whole.diagnostics ?? []), ...(whole.diagnostic ? [whole.diagnostic] : [])].map(normalise);
  const found: Diagnostic[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) continue;
    const diagnostic = parse(line)?.diagnostic;
    if (diagnostic) found.push(normalise(diagnostic));
  }
  return found;
}

function parse(text: string): { diagnostics?: JsonDiagnostic[]; diagnostic?: JsonDiagnostic } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function normalise(json: JsonDiagnostic): Diagnostic {
  const { severity, summary = '', detail = '', address, range, snippet } = json;
  const line = range?.start?.line;
  // An address is given where a resource is at work; where the text itself is wrong, the block says which it is.
  const about =
    address ??
    snippet?.context
      ?.replace(/^resource\./, '')
      .replaceAll('"', '')
      .replaceAll(' ', '.');
  return {
    severity: severity === 'warning' ? 'warning' : 'error',
    summary: summary.trim(),
    detail: detail.trim(),
    ...(about ? { address: about } : {}),
    ...(range?.filename ? { file: range.filename } : {}),
    ...(line === undefined ? {} : { line }),
    ...(snippet?.code ? { snippet: snippet.code.trimEnd() } : {}),
  };
}

function fromText(text: string): Diagnostic[] {
  const boxes = [...text.matchAll(/^╷\n([\s\S]*?)^╵/gm)].map(([, box]) => box!.replace(/^│ ?/gm, ''));
  const blocks = boxes.length > 0 ? boxes : text.split(/^(?=(?:Error|Warning): )/m).slice(1);
  return blocks.flatMap((block) => {
    const match = /^\s*(Error|Warning): ([^\n]*)\n?([\s\S]*)$/.exec(block);
    if (!match) return [];
    const [, severity, summary, rest] = match;
    const address = /^ {2}with ([^\n]+),\n/m.exec(rest!)?.[1];
    const place = /^ {2}on (\S+) line (\d+)(?:, in ([^\n:]+))?:\n((?: +\d+:[^\n]*\n?)*)/m.exec(rest!);
    const about =
      address ??
      place?.[3]
        ?.replace(/^resource\./, '')
        .replaceAll('"', '')
        .replaceAll(' ', '.');
    const snippet = place?.[4]?.replace(/^ +\d+: ?/gm, '').trimEnd();
    return {
      severity: severity === 'Error' ? ('error' as const) : ('warning' as const),
      summary: summary!.trim(),
      detail: rest!
        .replace(/^ {2}with [^\n]+,\n/m, '')
        .replace(place?.[0] ?? '', '')
        .trim(),
      ...(about ? { address: about } : {}),
      ...(place ? { file: place[1]!, line: Number(place[2]) } : {}),
      ...(snippet ? { snippet } : {}),
    };
  });
}
