declare const brand: unique symbol

/** A type with a name of its own, made only by the one function that checks it. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
