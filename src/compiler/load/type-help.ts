/** What to write where a text is none of zopf's template types: TypeScript names the type alone. */
const helps: readonly (readonly [type: RegExp, help: string])[] = [
  [
    /to type 'Duration(?: \| undefined)?'/,
    'a length of time is a number, a blank and usec, msec, sec, min, hr or day, also with s: "90 sec", "5 min", "1.5 hr", "7 days". There are no weeks',
  ],
  [
    /to type 'Window'/,
    'say which kind of window: window: { sliding: "30 min" }, { fixed: … }, { writeExpire: … } or { readExpire: … }',
  ],
];

export function typeHelp(message: string): string | null {
  return helps.find(([type]) => type.test(message))?.[1] ?? null;
}
