import { afterEach, describe, expect, it } from 'vitest'
import { makeFakeIp } from '../testing/fake-ip.ts'
import { type IpPipe, openIpPipe, parseGroup } from './ip-pipe.ts'

/** Answers as `ip -force -batch -` does: the group as it was set last, errors with the number of their line. */
const IP = `
let [line, group, rest] = [0, '', '']
process.stdin.on('data', (text) => {
  const lines = (rest + text).split('\\n')
  rest = lines.pop()
  for (const each of lines) {
    line += 1
    const to = /^nexthop replace id 771000 group (\\S+)/.exec(each)?.[1]
    if (to !== undefined) group = to
    else if (each === 'hang') process.stdin.pause()
    else if (each.startsWith('nexthop get') && group !== '') process.stdout.write('id 771000 group ' + group + ' proto 177 \\n')
    else process.stderr.write('RTNETLINK answers: No such file or directory\\nCommand failed -:' + line + '\\n')
    if (each === 'hang') return
  }
})`

const ip = makeFakeIp(IP, ['-force', '-batch', '-'], 'id 771000 group 770004 proto 177 \n')
const { runner, children, alone } = ip
let pipe: IpPipe | null = null
afterEach(() => {
  pipe?.close()
  ip.close()
})

const to = (...members: number[]): string => `nexthop replace id 771000 group ${members.join('/')} protocol 177`

describe('the waiting ip', () => {
  it('takes lines as they come, whatever becomes of each, and tells the group', async () => {
    pipe = openIpPipe(runner, 10_000)
    pipe.ready()
    pipe.ready()
    expect(await pipe.run([to(770_001, 770_003)])).toEqual([1, 3])
    expect(await pipe.run(['rule delete nothing', to(770_003)])).toEqual([3])
    expect(children).toHaveLength(1)
    expect(alone).toEqual([])
  })

  it('knows where there is no group', async () => {
    pipe = openIpPipe(runner, 10_000)
    expect(await pipe.run(['rule delete nothing'])).toBeNull()
    expect(await pipe.run([to(770_002)])).toEqual([2])
  })

  it('is started again when it has died', async () => {
    pipe = openIpPipe(runner, 10_000)
    await pipe.run([to(770_001)])
    const ended = new Promise((resolve) => children[0]?.once('exit', resolve))
    children[0]?.kill('SIGKILL')
    await ended
    expect(await pipe.run([to(770_002)])).toEqual([2])
    expect(children).toHaveLength(2)
  })

  it('does it with a process of its own when the one that waits hangs', async () => {
    pipe = openIpPipe(runner, 100)
    expect(await pipe.run(['hang', to(770_001)])).toEqual([4])
    expect(alone).toEqual([`hang\n${to(770_001)}\nnexthop get id 771000\n`])
  })
})

describe('the group as ip prints it', () => {
  it('is read with weights and without', () => {
    expect(parseGroup('id 771000 group 770003,2/770001 proto 177 \n')).toEqual([1, 3])
    expect(parseGroup('id 771001 group 770003 proto 177 \n')).toBeNull()
    expect(parseGroup('')).toBeNull()
  })
})
