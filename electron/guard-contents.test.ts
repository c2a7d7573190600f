import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { guardContents, guardSession } from './guard-contents.ts'

/** Electron's `WebContents`, as far as it is called. */
class Contents extends EventEmitter {
  open: () => { action: string } = () => ({ action: 'allow' })
  setWindowOpenHandler(handler: () => { action: 'deny' }): void {
    this.open = handler
  }
}

describe('guardContents', () => {
  it('denies every new window', () => {
    const contents = new Contents()
    guardContents(contents)
    expect(contents.open()).toEqual({ action: 'deny' })
  })

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])('prevents %s', (name) => {
    const contents = new Contents()
    guardContents(contents)
    let isPrevented = false
    contents.emit(name, { preventDefault: () => (isPrevented = true) })
    expect(isPrevented).toBe(true)
  })
})

describe('guardSession', () => {
  it('grants no permission and no device', () => {
    const answers: boolean[] = []
    guardSession({
      setPermissionRequestHandler: (handler) => handler({}, 'media', (ok) => void answers.push(ok)),
      setPermissionCheckHandler: (handler) => void answers.push(handler()),
      setDevicePermissionHandler: (handler) => void answers.push(handler()),
    })
    expect(answers).toEqual([false, false, false])
  })
})
