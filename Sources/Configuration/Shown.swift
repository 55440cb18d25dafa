/// `text` as a message may show it: one line, at most 60 characters, nothing that a terminal obeys.
func shown(_ text: some StringProtocol) -> String {
  var result = ""
  for scalar in text.unicodeScalars.prefix(60) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return text.unicodeScalars.count > 60 ? result + "…" : result
}

/// The candidate that was probably meant by `word`, if one is near.
///
/// Near is one edit for each three characters; case and `_` for `-` do not count.
func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let word = Array(folded(word).unicodeScalars.prefix(40))
  var best: (distance: Int, candidate: String)?
  for candidate in candidates {
    let distance = editDistance(word, Array(folded(candidate).unicodeScalars))
    if distance <= max(1, word.count / 3), distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  return best?.candidate
}

private func folded(_ word: String) -> String {
  String(word.lowercased().map { $0 == "_" ? "-" : $0 })
}

/// How many insertions, deletions, replacements and exchanges of neighbours turn `a` into `b`.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforePrevious[j - 1] + 1) }
      row.append(best)
    }
    (beforePrevious, previous) = (previous, row)
  }
  return previous[b.count]
}
