import { outliveReaders } from './output';

test.each(['EPIPE', 'EIO'])('a command goes on where nobody reads any more, or the terminal was closed: %s', (code) => {
  const listeners: ((error: object) => void)[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'on').mockImplementation((_, listener) => {
      listeners.push(listener);
      return stream;
    }),
  );
  outliveReaders();
  for (const spy of spies) spy.mockRestore();
  expect(listeners).toHaveLength(2);
  for (const listen of listeners) {
    expect(() => listen({ code })).not.toThrow();
    expect(() => listen(Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
  }
});
