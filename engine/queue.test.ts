import { describe, expect, it } from 'vitest'
import { openQueue } from './queue.ts'
import { openTopic } from './topic.ts'

const never = new AbortController().signal

const collect = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}

describe('queue', () => {
  it('gives everything in order, then ends', async () => {
    const queue = openQueue<number>(10, 'fail')
    for (const value of [1, 2, 3]) queue.push(value)
    queue.end()
    queue.push(4)
    expect(await collect(queue.values(never))).toEqual([1, 2, 3])
  })

  it('drops the oldest for a slow reader of samples', async () => {
    const queue = openQueue<number>(2, 'drop-oldest')
    for (const value of [1, 2, 3, 4]) queue.push(value)
    queue.end()
    expect(await collect(queue.values(never))).toEqual([3, 4])
  })

  it('ends with an error for a slow reader of what may not be lost', async () => {
    const queue = openQueue<number>(2, 'fail')
    for (const value of [1, 2, 3]) queue.push(value)
    await expect(collect(queue.values(never))).rejects.toMatchObject({ code: 'slow-reader' })
  })

  it('ends when its reader goes, also while it waits', async () => {
    const abort = new AbortController()
    const reading = collect(openQueue<number>(2, 'fail').values(abort.signal))
    abort.abort()
    expect(await reading).toEqual([])
  })
})

describe('topic', () => {
  it('gives each reader the current value first, then every change', async () => {
    const topic = openTopic('a')
    topic.publish('b')
    const reading = collect(topic.stream(never))
    await Promise.resolve()
    topic.publish('c')
    topic.end()
    expect(await reading).toEqual(['b', 'c'])
    expect(topic.current()).toBe('c')
  })
})
