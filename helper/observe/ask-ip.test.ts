import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeFakeIp } from '../testing/fake-ip.ts'
import { type AskIp, answersIn, openAskIp } from './ask-ip.ts'

const LO = '[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536}]\n'
const ADDRESSES = '[{"ifindex":1,"ifname":"lo","addr_info":[{"local":"127.0.0.1"}]}]\n'

describe('what was said before the last answer', () => {
  it('is nothing while that has not come whole', () => {
    expect(answersIn('')).toBeUndefined()
    expect(answersIn(ADDRESSES)).toBeUndefined()
    expect(answersIn(`${ADDRESSES}${LO.slice(0, 40)}`)).toBeUndefined()
  })

  it('ends where the last answer begins, also behind one that was only begun', () => {
    expect(answersIn(LO)).toBe('')
    expect(answersIn(`${ADDRESSES}[]\n${LO}`)).toBe(`${ADDRESSES}[]\n`)
    expect(answersIn(`${ADDRESSES}[${LO}`)).toBe(`${ADDRESSES}[`)
  })
})

/** Answers each question with itself, the last one as `ip` does, and "fail" with a complaint. */
const IP = `
let rest = ''
process.stdin.on('data', (text) => {
  const lines = (rest + text).split('\\n')
  rest = lines.pop()
  for (const each of lines) {
    if (each === 'die') process.exit(1)
    else if (each === 'fail') process.stderr.write('no such table\\n')
    else process.stdout.write(each === 'link show dev lo' ? ${JSON.stringify(LO)} : '["' + each + '"]\\n')
  }
})`

const ip = makeFakeIp(IP, ['-json', '-details', '-Numeric', '-force', '-batch', '-'], 'by itself')
const { runner, children, alone } = ip
let asker: AskIp | null = null
afterEach(() => {
  asker?.close()
  ip.close()
})

describe('ip that waits to be asked', () => {
  it('answers each who asks with their own, by a process that was never asked before', async () => {
    asker = openAskIp(runner)
    const { ask } = asker
    const [first, second] = await Promise.all([ask(['rule show', 'fail']), ask(['route show'])])
    expect(first.stdout).toBe('["rule show"]\n')
    expect(second.stdout).toBe('["route show"]\n')
    expect(alone).toEqual([])
    // Two were asked, and as many wait in their place after a while.
    await vi.waitFor(() => expect(children.length).toBe(4), 10_000)
    expect((await ask(['route show'])).stdout).toBe('["route show"]\n')
    expect(children.length).toBe(4)
    expect(children.map(({ killed }) => killed)).toEqual([true, true, true, false])
  })

  it('is asked by a process of its own where it has gone', async () => {
    asker = openAskIp(runner)
    const { ask } = asker
    expect((await ask(['die'])).stdout).toBe('by itself')
    expect(alone).toEqual(['die\n'])
  })
})
