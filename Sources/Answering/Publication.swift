package import Memory

/// The one place where workers find the current generation, and by which the brain knows when a
/// replaced one is out of use.
package final class Publication: Sendable {
  package let generation: Published<Generation>
  package let epochs: ReaderEpochs

  /// - Parameter readers: the number of workers, each with an index of its own.
  package init(_ generation: consuming Generation, readers: Int) {
    self.generation = Published(Shared(generation))
    epochs = ReaderEpochs(readers: readers)
  }
}
