import { type Port, portOver, type Wire } from '../port.ts'

type End = { wire: Wire; onFrame(text: string): void; onEnd(): void }

/** Two ends in one process. Frames pass as text, as everywhere, and never in the sender's own turn. */
export const memoryPorts = (): [Port, Port] => {
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    for (const end of [left, right]) queueMicrotask(end.onEnd)
  }
  const makeEnd = (other: () => End): End => {
    const end: End = {
      onFrame: () => {},
      onEnd: () => {},
      wire: {
        send: async (text) => queueMicrotask(() => other().onFrame(text)),
        receive: (onFrame, onEnd) => Object.assign(end, { onFrame, onEnd }),
        close,
      },
    }
    return end
  }
  const left: End = makeEnd(() => right)
  const right: End = makeEnd(() => left)
  return [portOver(left.wire), portOver(right.wire)]
}
