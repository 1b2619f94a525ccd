import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DamagedState, readLocalState } from './local-state';

describe('the state of a bootstrap on this machine', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-state-'));
    file = join(folder, 'terraform.tfstate');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is none where there is no file, an empty one, or one without resources', () => {
    expect(readLocalState(folder)).toBeUndefined();
    writeFileSync(file, '\n');
    expect(readLocalState(folder)).toBeUndefined();
    writeFileSync(file, '{"version": 4, "serial": 1, "resources": []}');
    expect(readLocalState(folder)).toBeUndefined();
  });

  test('that a crash has cut short is one error that says what to do', () => {
    writeFileSync(file, '{"version": 4, "ser');
    expect(() => readLocalState(folder)).toThrow(
      new DamagedState(
        `${file}: it is cut short, and no state; move it out of the folder and repeat the command: what exists already is taken over, by its name`,
      ),
    );
    writeFileSync(`${file}.backup`, '{}');
    expect(() => readLocalState(folder)).toThrow(
      `${file}.backup is the state before the last step: copy it to ${file}`,
    );
  });
});
