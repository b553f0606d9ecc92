// What every part of the page needs: the labels of its language.

import { createContext } from "preact";
import { useContext } from "preact/hooks";

export type Say = (key: string, parts?: Record<string, string | number>) => string;

export function labelled(labels: Record<string, string | Record<string, string>>): Say {
  return (key, parts = {}) => {
    const entry = labels[key] ?? key;
    const text = typeof entry === "string" ? entry : (parts.count === 1 && entry.one) || entry.other;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(parts[name] ?? whole));
  };
}

export const Labels = createContext<Say>((key) => key);
export const useLabels = (): Say => useContext(Labels);

/** Ids of elements are told apart where a page holds several viewers. */
export const Ids = createContext<(name: string) => string>((name) => name);
export const useIds = (): ((name: string) => string) => useContext(Ids);
export const idsOf = (key: string) => (name: string): string => (key === "0" ? name : `${name}-${key}`);
