import type { MessagePortMain } from 'electron'
import { describe, expect, it } from 'vitest'
import { handOverPorts, type PageMessage } from './hand-over-port.ts'
import { type Frame, isPanelFrame, openPageChannel, type PortRequest } from './page-channel.ts'

const frame = (url: string, parent: unknown = null): Frame & { sent: unknown[][] } => {
  const sent: unknown[][] = []
  return { url, parent, sent, postMessage: (...message) => void sent.push(message) }
}

describe('the sender of a message', () => {
  it.each(['app://mole/', 'app://mole/index.html#/deploy'])('may be our page at %s', (url) => {
    expect(isPanelFrame(frame(url))).toBe(true)
  })

  it.each(['http://127.0.0.1/', 'app://mole.evil/', 'app://evil/app://mole/', 'file:///index.html', 'about:blank', ''])(
    'may not be %j',
    (url) => {
      expect(isPanelFrame(frame(url))).toBe(false)
    },
  )

  it('may not be a frame inside our page, nor one that is gone', () => {
    expect(isPanelFrame(frame('app://mole/', {}))).toBe(false)
    expect(isPanelFrame(null)).toBe(false)
  })
})

describe('the page channel', () => {
  const open = () => {
    const served: unknown[] = []
    const listeners: ((event: PortRequest) => void)[] = []
    const [port1, port2] = [{ name: 'ours' }, { name: 'theirs' }] as unknown as [MessagePortMain, MessagePortMain]
    openPageChannel({
      ipc: { on: (_channel, listener) => void listeners.push(listener) },
      makeChannel: () => ({ port1, port2 }),
      onPort: (port) => void served.push(port),
    })
    return { served, port1, port2, ask: (senderFrame: Frame | null) => listeners[0]?.({ senderFrame }) }
  }

  it('gives our page one end and serves the other', () => {
    const { served, port1, port2, ask } = open()
    const page = frame('app://mole/')
    ask(page)
    expect(page.sent).toEqual([['mole-port', null, [port2]]])
    expect(served).toEqual([port1])
  })

  it('gives nobody else anything', () => {
    const { served, ask } = open()
    const stranger = frame('https://evil.example/')
    ask(stranger)
    ask(null)
    expect([stranger.sent, served]).toEqual([[], []])
  })
})

describe('the preload script', () => {
  const start = () => {
    const [posted, sent]: [unknown[][], string[]] = [[], []]
    let hear: (event: PageMessage) => void = () => {}
    let receive: (event: { ports: readonly unknown[] }) => void = () => {}
    const page = {
      location: { origin: 'app://mole' },
      addEventListener: (_type: 'message', listener: typeof hear) => {
        hear = listener
      },
      postMessage: (...message: unknown[]) => void posted.push(message),
    }
    handOverPorts(page, {
      on: (_channel, listener) => {
        receive = listener
      },
      send: (channel) => void sent.push(channel),
    })
    return {
      page,
      posted,
      sent,
      hear: (event: PageMessage) => hear(event),
      receive: (ports: unknown[]) => receive({ ports }),
    }
  }

  it('asks for a port when the page itself wants one', () => {
    const { page, sent, hear } = start()
    hear({ source: page, data: 'mole-port-wanted' })
    expect(sent).toEqual(['mole-port-wanted'])
  })

  it('does not listen to other windows or other words', () => {
    const { page, sent, hear } = start()
    hear({ source: {}, data: 'mole-port-wanted' })
    hear({ source: page, data: { type: 'mole-port-wanted' } })
    expect(sent).toEqual([])
  })

  it('hands the port to its own origin only', () => {
    const { posted, receive } = start()
    receive(['port'])
    receive([])
    expect(posted).toEqual([['mole-port', 'app://mole', ['port']]])
  })
})
