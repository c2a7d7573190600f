import { type RefObject, useLayoutEffect, useState } from 'react'

/** Width of an element's content in whole pixels, following it; 0 before it is laid out. */
export const useWidth = (element: RefObject<HTMLElement | null>): number => {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const observed = element.current
    if (observed === null) return
    const measure = (): void => setWidth(Math.floor(observed.clientWidth))
    const observer = new ResizeObserver(measure)
    observer.observe(observed)
    measure()
    return () => observer.disconnect()
  }, [element])
  return width
}
