import { EventEmitter } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindowConstructorOptions } from 'electron'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPanelWindow, type PanelWindow, windowOptions } from './panel-window.ts'
import { isFirstInstance } from './single-instance.ts'
import { readWindowState, type WindowState, writeWindowState } from './window-state.ts'

const BOUNDS = { x: 10, y: 20, width: 1000, height: 700 }

/** Electron's `BrowserWindow`, as far as it is called. */
class Window extends EventEmitter implements PanelWindow {
  readonly done: string[] = []
  readonly webContents = new EventEmitter()
  minimized = false
  /** The page has unsaved changes. */
  isHeld = false
  loadURL = async (url: string): Promise<void> => void this.done.push(url)
  show = (): void => void this.done.push('show')
  focus = (): void => void this.done.push('focus')
  restore = (): void => void this.done.push('restore')
  maximize = (): void => void this.done.push('maximize')
  isMinimized = (): boolean => this.minimized
  isMaximized = (): boolean => false
  getNormalBounds = () => BOUNDS
  close = (): void => {
    this.emit('close')
    let isClosing = !this.isHeld
    if (this.isHeld) this.webContents.emit('will-prevent-unload', { preventDefault: () => (isClosing = true) })
    if (isClosing) this.emit('closed')
  }
}

const open = (state: WindowState | null = null, mayDiscard = false) => {
  const made: Window[] = []
  const written: WindowState[] = []
  const options: BrowserWindowConstructorOptions[] = []
  const { show, close } = openPanelWindow({
    makeWindow: (given) => {
      options.push(given)
      made.push(new Window())
      return made.at(-1) as Window
    },
    preload: '/app/preload.cjs',
    readState: () => state,
    writeState: (next) => void written.push(next),
    mayDiscard: () => mayDiscard,
  })
  return { show, close, made, written, options }
}

describe('the panel window', () => {
  it('is confined like a page in a browser', () => {
    expect(windowOptions('/p', null).webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    })
  })

  it('is one: showing it again brings it forward', () => {
    const { show, made } = open()
    show()
    made[0]?.emit('ready-to-show')
    if (made[0] !== undefined) made[0].minimized = true
    show()
    expect(made).toHaveLength(1)
    expect(made[0]?.done).toEqual(['app://mole/', 'show', 'restore', 'show', 'focus'])
  })

  it('remembers its place when it is closed, and is made anew afterwards', () => {
    const { show, made, written } = open()
    show()
    made[0]?.emit('close')
    made[0]?.emit('closed')
    show()
    expect(written).toEqual([{ bounds: BOUNDS, isMaximized: false }])
    expect(made).toHaveLength(2)
  })

  it.each([
    { isHeld: false, mayDiscard: false, isClosed: true },
    { isHeld: true, mayDiscard: true, isClosed: true },
    { isHeld: true, mayDiscard: false, isClosed: false },
  ])('closes unless something is not saved and not to be lost: %j', async ({ isHeld, mayDiscard, isClosed }) => {
    const { show, close, made } = open(null, mayDiscard)
    show()
    if (made[0] !== undefined) made[0].isHeld = isHeld
    expect(await close()).toBe(isClosed)
    show()
    expect(made).toHaveLength(isClosed ? 2 : 1)
  })

  it('is closed already when there is none', async () => {
    expect(await open().close()).toBe(true)
  })

  it('comes back where it was', () => {
    const { show, made, options } = open({ bounds: BOUNDS, isMaximized: true })
    show()
    expect(options[0]).toMatchObject(BOUNDS)
    expect(made[0]?.done[0]).toBe('maximize')
  })
})

describe('the window state', () => {
  let file: string
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mole-'))
    file = join(directory, 'window.json')
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 }

  it('is read as it was written', () => {
    writeWindowState(file, { bounds: BOUNDS, isMaximized: true })
    expect(readWindowState(file, [SCREEN])).toEqual({ bounds: BOUNDS, isMaximized: true })
  })

  it.each([
    [{ x: 5000, y: 0, width: 800, height: 600 }],
    [{ x: 1900, y: 0, width: 800, height: 600 }],
    [{ x: -790, y: 0, width: 800, height: 600 }],
    [{ x: 0, y: 1070, width: 800, height: 600 }],
    [{ x: 0, y: -50, width: 800, height: 600 }],
  ])('is forgotten when nobody could take hold of the window at %j', (bounds) => {
    writeWindowState(file, { bounds, isMaximized: false })
    expect(readWindowState(file, [SCREEN])).toBeNull()
  })

  it.each(['', '{', '[]', '{"bounds":{"x":"0"},"isMaximized":false}', '{"bounds":null}'])(
    'is ignored when it is damaged: %j',
    async (text) => {
      await writeFile(file, text)
      expect(readWindowState(file, [SCREEN])).toBeNull()
    },
  )

  it('does not keep a window from closing when it cannot be written', async () => {
    writeWindowState(join(directory, 'nowhere', 'window.json'), { bounds: BOUNDS, isMaximized: false })
    await expect(readFile(join(directory, 'nowhere', 'window.json'))).rejects.toThrow()
  })
})

describe('a second instance', () => {
  const app = (isFirst: boolean) => {
    const events = new EventEmitter()
    const quits: string[] = []
    return {
      quits,
      second: () => events.emit('second-instance'),
      requestSingleInstanceLock: () => isFirst,
      on: (event: 'second-instance', listener: () => void) => events.on(event, listener),
      quit: () => void quits.push('quit'),
    }
  }

  it('ends at once', () => {
    const second = app(false)
    expect(isFirstInstance(second, () => {})).toBe(false)
    expect(second.quits).toEqual(['quit'])
  })

  it('makes the first show its window', () => {
    const first = app(true)
    let shown = 0
    expect(isFirstInstance(first, () => (shown += 1))).toBe(true)
    first.second()
    expect([shown, first.quits]).toEqual([1, []])
  })
})
