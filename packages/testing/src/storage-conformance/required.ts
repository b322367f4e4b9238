export function required<T>(method: T | undefined, name: string): T {
  if (method === undefined) throw new Error(`The storage offers no ${name}.`);
  return method;
}
