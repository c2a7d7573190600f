import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame } from './frame.ts'
import { MAX_FRAME_BYTES, MAX_UNHEARD_CHARACTERS } from './limits.ts'
import { portOver } from './port.ts'
import { memoryWires } from './ports/memory.ts'

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('a frame', () => {
  it.each(['[]', 'null', '1', '"text"', 'true', '', '{', '{}{}'])('is not %s', (text) => {
    expect(() => decodeFrame(text)).toThrow('The peer sent a frame that is no')
  })

  it('gives back what was put in', () => {
    const message = { jsonrpc: '2.0', method: 'say', params: { text: 'two\nlines', own: ['ä', null, 1.5] } }
    expect(encodeFrame(message)).not.toContain('\n')
    expect(decodeFrame(encodeFrame(message))).toEqual(message)
  })

  it('is bounded in bytes, not in characters', () => {
    const text = JSON.stringify({ text: 'ä'.repeat(MAX_FRAME_BYTES / 2) })
    expect(text.length).toBeLessThan(MAX_FRAME_BYTES)
    expect(() => decodeFrame(text)).toThrow('larger than 1 MiB')
  })
})

describe('a port', () => {
  it('keeps what comes before anybody listens, and between two listeners, in order', async () => {
    const [here, there] = memoryWires()
    const port = portOver(there)
    const heard: unknown[] = []
    const say = (n: number) => here.send(JSON.stringify({ n }))
    await say(1)
    await say(2)
    const first = port.reader.listen((message) => {
      heard.push(['first', message])
      first.dispose()
    })
    await turn()
    await say(3)
    await turn()
    port.reader.listen((message) => heard.push(['second', message]))
    await turn()
    expect(heard).toEqual([
      ['first', { n: 1 }],
      ['second', { n: 2 }],
      ['second', { n: 3 }],
    ])
  })

  it('does not keep more than it should', async () => {
    const [here, there] = memoryWires()
    const port = portOver(there)
    const errors: Error[] = []
    port.reader.onError((error) => errors.push(error))
    const closed = new Promise<void>((resolve) => {
      port.reader.onClose(() => resolve())
    })
    const frame = JSON.stringify({ text: 'x'.repeat(MAX_FRAME_BYTES / 2) })
    for (let sent = 0; sent <= MAX_UNHEARD_CHARACTERS; sent += frame.length) await here.send(frame)
    await closed
    expect(errors).toMatchObject([{ code: 'bad-input' }])
  })
})
