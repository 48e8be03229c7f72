/** What the browser remembers between two visits, where it may. A page opened from a file may not be allowed to. */

export function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(`synopsis ${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`synopsis ${name}`)
    else localStorage.setItem(`synopsis ${name}`, value)
  } catch {
    // then it is forgotten
  }
}
