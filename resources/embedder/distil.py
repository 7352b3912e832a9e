# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes english.nvt out of a sentence model: each piece of its vocabulary gets one vector.

    distil.py MODEL.onnx TOKENIZER.json WORKFOLDER OUT.nvt [SENTENCES.txt]

Needs numpy, scipy, onnxruntime, tokenizers and xxhash. What the model says is kept in WORKFOLDER, so that a second run is
short. With sentences (one a line) the vectors are then fitted, so that their sum points where the model points.
"""
import os
import struct
import sys
import unicodedata

import numpy as np
import onnxruntime
import scipy.sparse
import xxhash
from tokenizers import Tokenizer

DIMENSIONS = 256
SIF = 1e-4  # weight of a piece: SIF / (SIF + p), p by Zipf's law from its rank in the vocabulary
EPOCHS, BATCH, RATE = 4, 2048, 0.004


class Teacher:
    """The sentence model: mean of the last layer, length 1."""

    def __init__(self, model, tokenizer):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model, options)
        self.names = [each.name for each in self.session.get_inputs()]
        self.tokenizer = tokenizer

    def of_rows(self, rows):
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, :len(row)], mask[i, :len(row)] = row, 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self.session.run(None, {name: feed[name] for name in self.names})[0]
        return unit((hidden * mask[:, :, None]).sum(1))

    def of_sentences(self, sentences):
        rows = [each.ids[:96] for each in self.tokenizer.encode_batch(sentences)]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out = np.zeros((len(rows), 384), np.float32)
        for k in range(0, len(order), 64):
            out[order[k:k + 64]] = self.of_rows([rows[i] for i in order[k:k + 64]])
        return out


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def kept(work, name, make):
    path = os.path.join(work, name + ".npy")
    if not os.path.exists(path):
        np.save(path, make().astype(np.float16))
    return np.load(path).astype(np.float32)


def components(rows, count):
    """Principal components, from the covariance: rows may be many."""
    mean = rows.mean(0)
    values, vectors = np.linalg.eigh(np.cov((rows - mean).T))
    return mean, vectors[:, np.argsort(-values)[:count]].astype(np.float32)


def fit(table, usable, bags, target):
    """Adam on 1 - cos(sum of a sentence's pieces, what the teacher says)."""
    first, second = np.zeros_like(table), np.zeros_like(table)
    rounds = bags.shape[0] // BATCH
    for step in range(EPOCHS * rounds):
        if step % rounds == 0:
            order = np.random.default_rng(step).permutation(bags.shape[0])
        picked = order[step % rounds * BATCH:][:BATCH]
        sums = bags[picked] @ table
        norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        units = sums / norms
        cosines = (units * target[picked]).sum(1, keepdims=True)
        slope = bags[picked].T @ ((cosines * units - target[picked]) / norms / BATCH)
        first += 0.1 * (slope - first)
        second += 0.001 * (slope * slope - second)
        rate = RATE * (1 - step / (EPOCHS * rounds))
        table -= rate * (first / (1 - 0.9 ** (step + 1))) / (np.sqrt(second / (1 - 0.999 ** (step + 1))) + 1e-8)
        table[~usable] = 0
        if step % 20 == 0:
            print(f"step {step} of {EPOCHS * rounds}: cosine {cosines.mean():.3f}", flush=True)


def character_kinds():
    """Ranges of what is no letter, as uncased BERT sees it: 1 space, 2 dropped, 3 a word of its own."""
    ideographs = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
                  (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]

    def kind(code):
        character, category = chr(code), unicodedata.category(chr(code))
        if character in " \t\n\r" or category == "Zs":
            return 1
        if category in ("Cc", "Cf", "Cs", "Co", "Mn") or code in (0, 0xFFFD):
            return 2
        if category.startswith("P") or (33 <= code < 127 and not character.isalnum()):
            return 3
        return 3 if any(first <= code <= last for first, last in ideographs) else 0

    ranges = []
    for code in range(0x110000):
        now = kind(code)
        if now and ranges and ranges[-1][1] == code - 1 and ranges[-1][2] == now:
            ranges[-1][1] = code
        elif now:
            ranges.append([code, code, now])
    return ranges


def folded_characters():
    """Lower case without marks, where that is another character; Hangul stays, the vocabulary has none of it."""
    folds = []
    for code in range(0x80, 0x1F000):
        if 0xAC00 <= code <= 0xD7A3 or 0xD800 <= code <= 0xDFFF or 0xF900 <= code <= 0xFAFF:
            continue
        plain = "".join(each for each in unicodedata.normalize("NFD", chr(code).lower())
                        if unicodedata.category(each) != "Mn")
        if plain and plain != chr(code) and len(plain) <= 3:
            folds.append((code, len(plain), [ord(each) for each in plain] + [0] * (3 - len(plain))))
    return folds


def write(path, names, table):
    scales = np.abs(table).max(1) / 127
    numbers = np.round(table / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    ranges, folds = character_kinds(), folded_characters()
    vocabulary = b"".join(bytes([len(name)]) + name for name in names)
    data = b"NVTOKEN1" + struct.pack("<4IQ", table.shape[1], len(names), len(ranges), len(folds), len(vocabulary))
    data += scales.astype("<f4").tobytes()
    data += b"".join(struct.pack("<3I", *each) for each in ranges)
    data += b"".join(struct.pack("<5I", code, count, *to) for code, count, to in folds)
    data += vocabulary + numbers.tobytes()
    with open(path, "wb") as out:
        out.write(data + struct.pack("<Q", xxhash.xxh3_64_intdigest(data)))
    print(f"{path}: {len(names)} pieces of {table.shape[1]} numbers, {len(data) + 8} bytes")


def main(model, tokenizer_path, work, out, sentences_path=None):
    tokenizer = Tokenizer.from_file(tokenizer_path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    names = [None] * tokenizer.get_vocab_size()
    for name, i in tokenizer.get_vocab().items():
        names[i] = name
    usable = np.array([not (name.startswith("[") and name.endswith("]") and len(name) > 1) for name in names])
    def pieces_alone():
        teacher = Teacher(model, tokenizer)
        rows = [[101, i, 102] for i in range(len(names))]
        return np.concatenate([teacher.of_rows(rows[k:k + 128]) for k in range(0, len(rows), 128)])

    alone = kept(work, "pieces", pieces_alone)

    rank = np.cumsum(usable)
    probability = 1 / ((rank + 1) * np.log(len(names)))
    weight = (SIF / (SIF + probability))[:, None]
    if sentences_path:
        with open(sentences_path, encoding="utf8") as file:
            sentences = file.read().splitlines()
        said = kept(work, "sentences", lambda: Teacher(model, tokenizer).of_sentences(sentences))
        mean, axes = components(said, DIMENSIONS)
    else:
        mean, axes = components(alone[usable], DIMENSIONS)
    table = ((alone - alone[usable].mean(0)) @ axes * weight * usable[:, None]).astype(np.float32)
    table /= np.linalg.norm(table[usable], axis=1).mean()
    if sentences_path:
        rows = [[i for i in each.ids if usable[i]]
                for each in tokenizer.encode_batch(sentences, add_special_tokens=False)]
        places = np.cumsum([0] + [len(row) for row in rows])
        pieces = np.concatenate([np.array(row, np.int32) for row in rows])
        bags = scipy.sparse.csr_matrix((np.ones(len(pieces), np.float32), pieces, places), (len(rows), len(names)))
        fit(table, usable, bags, unit((said - mean) @ axes))
    chosen = np.flatnonzero(usable)
    write(out, [names[i].encode() for i in chosen], table[chosen])


if __name__ == "__main__":
    main(*sys.argv[1:])
