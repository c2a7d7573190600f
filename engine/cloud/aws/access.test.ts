import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { skippingClock } from '../../testing/skipping-clock.ts'
import { openAccess } from './access.ts'
import { listGroups } from './inventory.ts'

/*
 * The SDK itself over HTTP, with an AWS that says what a test wants: what no stand-in for its `send` would show.
 */

const WHOLE =
  '<?xml version="1.0" encoding="UTF-8"?><DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><securityGroupInfo><item><groupId>sg-1</groupId></item></securityGroupInfo></DescribeSecurityGroupsResponse>'
const NONE = WHOLE.replace(/<item>.*<\/item>/, '')
const fault = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>it says</Message></Error></Errors><RequestID>r</RequestID></Response>`

type Answer = { readonly status: number; readonly body: string; readonly date?: Date }
const headersOf = ({ date }: Answer) => ({
  'content-type': 'text/xml',
  ...(date === undefined ? {} : { date: date.toUTCString() }),
})
let answer: (request: IncomingMessage) => Answer | null
let asked: IncomingMessage[] = []
let server: Server
let directory = ''

const credentials = (key: string) =>
  writeFile(join(directory, 'credentials'), `[me]\naws_access_key_id = ${key}\naws_secret_access_key = none\n`)

beforeEach(async () => {
  asked = []
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  await credentials('AKIDFIRST')
  server = createServer((request, response) => {
    asked.push(request)
    request.resume()
    const given = answer(request)
    if (given === null) response.socket?.destroy()
    else response.writeHead(given.status, headersOf(given)).end(given.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(directory, 'credentials'))
  vi.stubEnv('AWS_CONFIG_FILE', join(directory, 'none'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(directory, { recursive: true, force: true })
})

let regions = 0
/** A region of its own each time: clients are kept by account and region. */
const look = (signal = new AbortController().signal) => {
  regions += 1
  const access = openAccess(
    { profile: 'me', region: `us-east-${regions}` },
    { clock: skippingClock(), signal, hasty: true },
  )
  return () => listGroups(access, [])
}
const keysUsed = (): string[] =>
  asked.map(({ headers }) => /Credential=([A-Z]+)/.exec(headers.authorization ?? '')?.[1] ?? '')

describe('AWS over HTTP', () => {
  it('is asked where AWS_ENDPOINT_URL says, with the credentials of the profile', async () => {
    answer = () => ({ status: 200, body: WHOLE })
    expect(await look()()).toEqual([{ GroupId: 'sg-1' }])
    expect(keysUsed()).toEqual(['AKIDFIRST'])
  })

  it('reads the credentials anew after they have expired', async () => {
    answer = () => ({ status: 400, body: fault('ExpiredToken') })
    const groups = look()
    await expect(groups()).rejects.toMatchObject({ code: 'credentials-expired' })
    await credentials('AKIDSECOND')
    answer = () => ({ status: 200, body: WHOLE })
    expect(await groups()).toHaveLength(1)
    expect(keysUsed().at(-1)).toBe('AKIDSECOND')
  })

  it('that answers with an empty list has nothing', async () => {
    answer = () => ({ status: 200, body: NONE })
    expect(await look()()).toEqual([])
  })

  it.each([
    ['cut off in the middle', WHOLE.slice(0, 180)],
    ['cut off near its end', WHOLE.slice(0, -20)],
    ['empty', ''],
    ['of a sign-in page', '<html><body>Welcome to this network</body></html>'],
  ])('with an answer %s has not said that nothing is there', async (_what, body) => {
    answer = () => ({ status: 200, body })
    await expect(look()()).rejects.toMatchObject({ code: 'disconnected' })
    expect(asked.length).toBeGreaterThan(1)
  })

  it('whose answers are lost is asked again', async () => {
    answer = () => (asked.length < 3 ? null : { status: 200, body: WHOLE })
    expect(await look()()).toHaveLength(1)
  })

  it.each([
    ['timeout', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
    ['cancelled', new DOMException('This operation was aborted', 'AbortError')],
  ])('that was given up says why: %s', async (code, reason) => {
    await expect(look(AbortSignal.abort(reason))()).rejects.toMatchObject({ code })
  })

  it('that throttles is asked again', async () => {
    answer = () =>
      asked.length < 5 ? { status: 503, body: fault('RequestLimitExceeded') } : { status: 200, body: WHOLE }
    expect(await look()()).toHaveLength(1)
  })
  it('whose clock is not this host’s is asked again at once, by its clock', async () => {
    const date = new Date(Date.now() + 3_600_000)
    answer = () =>
      asked.length < 2 ? { status: 400, body: fault('RequestExpired'), date } : { status: 200, body: WHOLE }
    expect(await look()()).toHaveLength(1)
    const [first = 0, second = 0] = asked.map(({ headers }) =>
      Date.parse(String(headers['x-amz-date']).replace(/(....)(..)(..T..)(..)(..)Z/, '$1-$2-$3:$4:$5Z')),
    )
    expect(second - first).toBeGreaterThan(3_000_000)
  })

  it('that finds requests too old by a clock that is right is believed', async () => {
    answer = () => ({ status: 400, body: fault('RequestExpired'), date: new Date() })
    await expect(look()()).rejects.toMatchObject({ code: 'credentials-expired' })
    expect(asked).toHaveLength(1)
  })
})
