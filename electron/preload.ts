import { ipcRenderer } from 'electron'
import { handOverPorts, type PageWindow } from './hand-over-port.ts'

handOverPorts(globalThis as unknown as PageWindow, ipcRenderer)
