import type { Message } from 'vscode-jsonrpc'
import type { Port } from '../contract/port.ts'

const pipe = (from: Port, to: Port): void => {
  from.reader.listen((message: Message) => {
    // The other side is gone: its `onClose` ends this one too.
    to.writer.write(message).catch(() => {})
  })
  from.reader.onClose(() => to.writer.end())
}

/** Passes every frame between two ports, both ways, unread; when one closes, so does the other. */
export const relay = (page: Port, engine: Port): void => {
  pipe(page, engine)
  pipe(engine, page)
}
