/// The memory that a zone takes while it is read and built, so that one which does not fit is refused in
/// words before an allocation fails.
enum ZoneMemory {
  /// An upper bound in octets, with what arrays have to spare while they grow.
  ///
  /// - Parameters:
  ///   - octets: of all owners and data as they are stored.
  ///   - nodes: owners and their ancestors.
  ///   - names: octets of their names.
  @inline(__always) static func needed(records: Int, octets: Int, nodes: Int, names: Int) -> Int {
    128 * records + 128 * nodes + 3 * octets + 3 * names + fixed
  }

  /// What every zone takes, however small.
  private static var fixed: Int { 1 << 20 }

  static func message(_ limit: Int) -> String {
    "the zone needs more than the \(limit >> 20) MiB of memory that this machine and its limits leave"
  }
}
