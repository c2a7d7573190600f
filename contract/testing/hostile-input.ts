/** What a hostile peer may say, as data: each with what must come of it. */

const repeated = (text: string, times: number): string => Array.from({ length: times }, () => text).join(',')

/** Well-formed requests that must be answered with exactly this code. `params` is JSON text. */
export const REFUSED_REQUESTS: readonly (readonly [what: string, method: string, params: string, code: string])[] = [
  ['a wrong type', 'echo', '{"text":1}', 'bad-input'],
  ['a missing key', 'echo', '{}', 'bad-input'],
  ['an extra key', 'echo', '{"text":"a","more":1}', 'bad-input'],
  ['null', 'echo', 'null', 'bad-input'],
  ['an array', 'echo', '[{"text":"a"}]', 'bad-input'],
  ['text', 'echo', '"text"', 'bad-input'],
  ['a number', 'echo', '1e400', 'bad-input'],
  ['an own key __proto__', 'echo', '{"text":"a","__proto__":{"isPolluted":true}}', 'bad-input'],
  ['an own key constructor', 'echo', '{"text":"a","constructor":{"prototype":{"isPolluted":true}}}', 'bad-input'],
  ['__proto__ for the value', 'echo', '{"__proto__":{"text":"a"}}', 'bad-input'],
  ['an extra key of 900 KB', 'echo', `{"text":"a","${'k'.repeat(900_000)}":1}`, 'bad-input'],
  ['an array of 200,000', 'echo', `{"text":"a","tags":[${repeated('"x"', 200_000)}]}`, 'bad-input'],
  ['an array of 200,000 wrong items', 'echo', `{"text":"a","tags":[${repeated('0', 200_000)}]}`, 'bad-input'],
  ['100,000 levels where text belongs', 'echo', `{"text":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 'bad-input'],
  ['100,000 levels where JSON may be', 'keep', `{"value":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 'bad-input'],
  ['100,000 levels of objects', 'keep', `{"value":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`, 'bad-input'],
  ['an unknown method', 'echo2', '{"text":"a"}', 'not-found'],
  ['no method name', '', '{}', 'not-found'],
  ['a method name of 900 KB', 'm'.repeat(900_000), '{}', 'not-found'],
  ['the method __proto__', '__proto__', '{}', 'not-found'],
  ['the method constructor', 'constructor', '{}', 'not-found'],
  ['the method toString', 'toString', '{}', 'not-found'],
  ['the method hasOwnProperty', 'hasOwnProperty', '{}', 'not-found'],
  ['the method valueOf', 'valueOf', '{}', 'not-found'],
  ['a stream called', 'count', '{"count":1}', 'not-found'],
  ['a library method', '$/setTrace', '{"value":"verbose"}', 'not-found'],
  ['a stream of a call', 'stream.open', '{"stream":1,"method":"echo","input":{"text":"a"}}', 'not-found'],
  ['a stream of __proto__', 'stream.open', '{"stream":1,"method":"__proto__","input":{}}', 'not-found'],
  ['a stream with a wrong input', 'stream.open', '{"stream":1,"method":"count","input":{"count":"1"}}', 'bad-input'],
  ['a stream without an input', 'stream.open', '{"stream":1,"method":"count"}', 'bad-input'],
  ['stream number 0', 'stream.open', '{"stream":0,"method":"count","input":{"count":1}}', 'bad-input'],
  ['stream number 1.5', 'stream.open', '{"stream":1.5,"method":"count","input":{"count":1}}', 'bad-input'],
  [
    'stream number 2^53',
    'stream.open',
    '{"stream":9007199254740992,"method":"count","input":{"count":1}}',
    'bad-input',
  ],
  ['stream number "1"', 'stream.open', '{"stream":"1","method":"count","input":{"count":1}}', 'bad-input'],
  ['a stream with an extra key', 'stream.open', '{"stream":1,"method":"count","input":{"count":1},"a":1}', 'bad-input'],
]

/** Notifications that mean nothing and must do nothing. */
export const EMPTY_NOTICES: readonly string[] = [
  '{"jsonrpc":"2.0","method":"unknown"}',
  '{"jsonrpc":"2.0","method":"__proto__","params":{}}',
  '{"jsonrpc":"2.0","method":"echo","params":{"text":"a"}}',
  '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":987654}}',
  '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"__proto__"}}',
  '{"jsonrpc":"2.0","method":"$/progress"}',
  '{"jsonrpc":"2.0","method":"$/progress","params":[1]}',
  '{"jsonrpc":"2.0","method":"$/logTrace","params":null}',
  '{"jsonrpc":"2.0","method":"stream.close"}',
  '{"jsonrpc":"2.0","method":"stream.close","params":{"stream":77}}',
  '{"jsonrpc":"2.0","method":"stream.close","params":{"stream":"__proto__"}}',
  '{"jsonrpc":"2.0","method":"stream.ack","params":{"stream":77,"seq":1}}',
  '{"jsonrpc":"2.0","method":"stream.ack","params":[1,2]}',
  '{"jsonrpc":"2.0","method":"stream.event","params":{"stream":1,"seq":1,"event":1}}',
  '{"jsonrpc":"2.0","id":1,"result":1}',
  '{"jsonrpc":"2.0","id":"x","error":{"code":"a","message":{},"data":null}}',
  '{"jsonrpc":"2.0","id":null,"error":{}}',
]

/** Frames after which there is nothing to be said to such a peer: the connection ends. */
export const BROKEN_FRAMES: readonly (readonly [what: string, frame: string])[] = [
  ['nothing', ''],
  ['no JSON', 'hello'],
  ['half an object', '{"jsonrpc":"2.0","id":1,'],
  ['two objects', '{"jsonrpc":"2.0"}{"jsonrpc":"2.0"}'],
  ['null', 'null'],
  ['a number', '1'],
  ['text', '"text"'],
  ['an empty array', '[]'],
  ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"a"}}]'],
  ['an object that is no JSON-RPC', '{}'],
  ['a second token', '{"token":"a-token-of-the-tests"}'],
  ['no version', '{"id":1,"method":"echo","params":{"text":"a"}}'],
  ['version 1.0', '{"jsonrpc":"1.0","id":1,"method":"echo","params":{"text":"a"}}'],
  ['a version by prototype', '{"__proto__":{"jsonrpc":"2.0"},"id":1,"method":"echo","params":{"text":"a"}}'],
  ['an id of null', '{"jsonrpc":"2.0","id":null,"method":"echo","params":{"text":"a"}}'],
  ['an object for id', '{"jsonrpc":"2.0","id":{"toString":1},"method":"echo","params":{"text":"a"}}'],
  ['a number for method', '{"jsonrpc":"2.0","id":1,"method":1}'],
  ['a cancel of nothing', '{"jsonrpc":"2.0","method":"$/cancelRequest"}'],
  ['a cancel of null', '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":null}}'],
  ['a cancel of an object', '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{"toString":null}}}'],
  ['neither request nor response', '{"jsonrpc":"2.0","id":1}'],
]

/** Large frames that are as bad; who still writes one may find the connection gone before it reads why. */
export const OVERSIZED_FRAMES: readonly (readonly [what: string, frame: string])[] = [
  ['500,000 open brackets', '['.repeat(500_000)],
  ['1 MiB and one byte', `{"jsonrpc":"2.0","id":1,"method":"${'a'.repeat(1024 * 1024 - 41)}"}x`],
  ['1 MiB of characters, more of bytes', `{"jsonrpc":"2.0","id":1,"method":"${'ä'.repeat(600_000)}"}`],
  ['3 MiB', 'x'.repeat(3 * 1024 * 1024)],
]

/** First frames that are not the token. */
export const WRONG_TOKENS: readonly (readonly [what: string, frame: string])[] = [
  ['another token', '{"token":"another-token"}'],
  ['a longer token', '{"token":"a-token-of-the-tests "}'],
  ['a shorter token', '{"token":"a-token-of-the-test"}'],
  ['an empty token', '{"token":""}'],
  ['a token that is no text', '{"token":["a-token-of-the-tests"]}'],
  ['the token and more', '{"token":"a-token-of-the-tests","more":1}'],
  ['no token', '{}'],
  ['the token by prototype', '{"__proto__":{"token":"a-token-of-the-tests"}}'],
  ['a request', '{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"a"}}'],
  ['no JSON', 'a-token-of-the-tests'],
]
