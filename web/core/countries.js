/**
 * Country codes with their full English names (blocks 3a, 4, 12 and 12a need the name in full).
 *
 * `COUNTRIES`: countries of goods and people. `ORIGINS`: the same, and the other codes that block 12 allows. The tables
 * are those of chalicelib/kernel/countries.py, written by local/web_tables.py.
 */

export { COUNTRIES, ORIGINS } from "./generated/countries.js";
