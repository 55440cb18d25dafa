import Memory
import Wire

/// Opens what the settings name as sources.
enum QuerySources {
  static func open(_ settings: BenchSettings) throws(BenchError) -> FixedArray<QuerySource> {
    var opened: [Opening] = []
    for (i, source) in settings.sources.enumerated() {
      let opening = Opening()
      opening.source = try open(source, settings.type, seed: settings.seed &+ UInt64(i) &+ 1)
      opened.append(opening)
    }
    return FixedArray(count: opened.count) { opened[$0].source.take() ?? QuerySource(list: QueryList()) }
  }

  /// Noncopyable sources cannot lie in an array while they are opened.
  private final class Opening { var source: QuerySource? }

  private static func open(
    _ source: BenchSettings.Source, _ type: RecordType, seed: UInt64
  ) throws(BenchError) -> QuerySource {
    switch source {
    case .file(let path, let weight): return try file(path, weight)
    case .zone(let path, let origin, let weight): return try ZoneQueries.open(path, origin, weight: weight)
    case .random(let count, let name, let weight):
      guard let names = RandomNames(count: count, below: name, type: type, seed: seed) else {
        throw BenchError("names of \(count) below \(name) would be too long, or none", isMisuse: true)
      }
      return QuerySource(random: names, weight: weight)
    }
  }

  private static func file(_ path: String, _ weight: Int) throws(BenchError) -> QuerySource {
    do throws(FileError) {
      let source = try QuerySource(file: path, weight: weight)
      guard !source.isEmpty else {
        throw FileError(path: path, message: "no query in it" + (source.problems.first.map { "; \($0)" } ?? ""))
      }
      return source
    } catch {
      throw BenchError("cannot read queries: \(error)")
    }
  }
}
