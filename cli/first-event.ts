/** First event of a stream: the state as it is. `null` when the stream ends without one. */
export const firstEvent = async <T>(events: AsyncIterable<T>): Promise<T | null> => {
  for await (const event of events) return event
  return null
}
