/// Goes through a database's search tree in the order of the addresses.
struct TreeWalk: ~Copyable {
  private let database: OpenDatabase
  private(set) var v4: [LocationDatabase.Range] = []
  private(set) var v6: [LocationDatabase.Range] = []
  private(set) var places = Places()
  /// The node of ::/96, which is IPv4; other parts of IPv6 may lead there too.
  private var v4Root: UInt32?
  /// Nodes that may still be visited: no good tree has more, and a bad one may have no end.
  private var left: Int

  init(_ database: consuming OpenDatabase) {
    left = Int(database.nodeCount)
    self.database = database
  }

  mutating func run() throws(LocationError) {
    add(0, 0, isWide: true)
    try visit(.node(0), depth: database.isIPv6 ? 0 : 96, from: 0)
  }

  /// - Parameters:
  ///   - depth: bits that are decided.
  ///   - start: the first address.
  private mutating func visit(
    _ record: OpenDatabase.Record, depth: Int, from start: UInt128
  ) throws(LocationError) {
    switch record {
    case .nothing: add(start, 0, isWide: depth < 96)
    case .entry(let entry): add(start, try places.index(of: entry, in: database), isWide: depth < 96)
    case .node(let node):
      if node == v4Root { return add(start, 0, isWide: false) }
      guard depth < 128, left > 0 else { throw LocationError("its search tree is damaged") }
      left -= 1
      if depth == 96, start == 0 { v4Root = node }
      let records = try database.records(of: node)
      try visit(records.left, depth: depth + 1, from: start)
      try visit(records.right, depth: depth + 1, from: start | 1 << UInt128(127 - depth))
    }
  }

  /// - Parameter isWide: the range is more than IPv4, though it may begin there.
  private mutating func add(_ start: UInt128, _ place: Int, isWide: Bool) {
    if start >> 32 == 0 { TreeWalk.add(start, place, to: &v4) }
    if isWide || start >> 32 != 0 { TreeWalk.add(start, place, to: &v6) }
  }

  private static func add(_ start: UInt128, _ place: Int, to ranges: inout [LocationDatabase.Range]) {
    if ranges.last?.start == start { ranges.removeLast() }
    if ranges.last?.place != place { ranges.append(.init(start: start, place: place)) }
  }

  struct Places {
    private(set) var all = [LocationDatabase.Place()]
    private var indices: [LocationDatabase.Place: Int] = [LocationDatabase.Place(): 0]
    /// By the entry's offset in the data.
    private var known: [UInt32: Int] = [:]

    mutating func index(of entry: UInt32, in database: borrowing OpenDatabase) throws(LocationError) -> Int {
      if let index = known[entry] { return index }
      var place = LocationDatabase.Place()
      place.country = try database.text(of: entry, "country", "iso_code")
      if place.country == nil { place.country = try database.text(of: entry, "registered_country", "iso_code") }
      place.continent = try database.text(of: entry, "continent", "code")
      let index = indices[place] ?? all.count
      if index == all.count { all.append(place) }
      indices[place] = index
      known[entry] = index
      return index
    }
  }
}
