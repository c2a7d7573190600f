/**
 * Calls `paint` at once and whenever `subscribe` tells of something new, but only while `element` is on the screen of a
 * visible tab; when it comes back into view it is painted afresh.
 * @returns what ends it
 */
export const whileVisible = (
  element: Element,
  paint: () => void,
  subscribe: (listener: () => void) => () => void,
): (() => void) => {
  let onScreen = true
  const repaint = (): void => {
    if (onScreen && !document.hidden) paint()
  }
  const observer = new IntersectionObserver(([entry]) => {
    onScreen = entry?.isIntersecting ?? true
    repaint()
  })
  observer.observe(element.closest('svg') ?? element)
  document.addEventListener('visibilitychange', repaint)
  const unsubscribe = subscribe(repaint)
  repaint()
  return () => {
    observer.disconnect()
    document.removeEventListener('visibilitychange', repaint)
    unsubscribe()
  }
}
