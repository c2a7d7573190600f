import { describe, expect, it } from 'vitest'
import { omitSecondsOf, type TcpPlan, tcpArguments, udpArguments } from './client-arguments.ts'

const server = { address: '198.18.0.2', port: 5201 }
const plan: TcpPlan = {
  direction: 'upload',
  streams: 4,
  seconds: 10,
  omitSeconds: 2,
  sourceFile: '/data/set',
  maximumSegmentBytes: null,
}

const following = (argv: readonly string[], name: string): string | undefined => argv[argv.indexOf(name) + 1]

describe('tcpArguments', () => {
  it('sends the file, and leaves the start out', () => {
    const argv = tcpArguments(server, plan)
    expect(
      ['--client', '--port', '--parallel', '--time', '--omit', '--file'].map((name) => following(argv, name)),
    ).toEqual(['198.18.0.2', '5201', '4', '10', '2', '/data/set'])
    expect(argv).not.toContain('--reverse')
  })

  it('never gives a file to a download: it would be written over', () => {
    const argv = tcpArguments(server, { ...plan, direction: 'download' })
    expect(argv).toContain('--reverse')
    expect(argv).not.toContain('--file')
    expect(argv).not.toContain('/data/set')
  })

  it('makes segments small only where larger ones would vanish', () => {
    expect(tcpArguments(server, plan)).not.toContain('--set-mss')
    expect(following(tcpArguments(server, { ...plan, maximumSegmentBytes: 1360 }), '--set-mss')).toBe('1360')
  })

  it('asks the far end for its output only where it sends, and only for a short one', () => {
    const isAsked = (more: Partial<TcpPlan>) =>
      tcpArguments(server, { ...plan, ...more }).includes('--get-server-output')
    expect([
      isAsked({}),
      isAsked({ direction: 'download' }),
      isAsked({ direction: 'download', seconds: 3600 }),
    ]).toEqual([false, true, false])
  })
})

describe('udpArguments', () => {
  it('names the rate of each flow in whole bits', () => {
    const argv = udpArguments(server, {
      direction: 'upload',
      flows: 2,
      bitsPerSecondOfFlow: 47.6e6 + 0.4,
      seconds: 2,
      payloadBytes: 1372,
    })
    expect([following(argv, '--bitrate'), following(argv, '--length'), following(argv, '--parallel')]).toEqual([
      '47600000',
      '1372',
      '2',
    ])
  })
})

describe('omitSecondsOf', () => {
  it('leaves out nothing of a file or of a very short run', () => {
    expect([omitSecondsOf(1, null), omitSecondsOf(3, null), omitSecondsOf(30, null), omitSecondsOf(30, '/f')]).toEqual([
      0, 1, 2, 0,
    ])
  })
})
