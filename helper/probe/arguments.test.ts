import { describe, expect, it } from 'vitest'
import { parseProbeArguments } from './arguments.ts'

describe('the command line of the probe', () => {
  it('measures, or answers on the ports it is told', () => {
    expect(parseProbeArguments(['measure'])).toEqual({ verb: 'measure' })
    expect(parseProbeArguments(['answer'])).toEqual({ verb: 'answer', echoPort: 7011, iperf3Port: 5201 })
    expect(parseProbeArguments(['answer', '--echo-port', '9000', '--no-iperf3'])).toEqual({
      verb: 'answer',
      echoPort: 9000,
      iperf3Port: null,
    })
    expect(parseProbeArguments(['answer', '--iperf3-port=5300', '--no-echo'])).toEqual({
      verb: 'answer',
      echoPort: null,
      iperf3Port: 5300,
    })
  })

  it.each([
    [[]],
    [['listen']],
    [['measure', 'more']],
    [['answer', '--echo-port', '0']],
    [['answer', '--echo-port', '65536']],
    [['answer', '--iperf3-port', '80x']],
    [['answer', '--loud']],
  ])('refuses %j, saying what would do', (argv) => {
    expect(() => parseProbeArguments(argv)).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})
