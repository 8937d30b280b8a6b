//! Edges of a subdivision of the plane, linked as Guibas and Stolfi describe.
//!
//! Every edge has four directions: there and back, and the two directions of the edge of the dual
//! that crosses it. A directed edge is a number, of which the last two bits are the direction.

/// A directed edge.
pub(super) type Edge = usize;

/// Edges of a subdivision of the plane.
#[derive(Debug, Default)]
pub(super) struct QuadEdges {
    /// The next edge anticlockwise around the origin of each directed edge.
    next: Vec<Edge>,
    /// The vertex each directed edge starts at; of no meaning for edges of the dual.
    origin: Vec<usize>,
}

impl QuadEdges {
    pub(super) fn with_capacity(edges: usize) -> Self {
        Self { next: Vec::with_capacity(4 * edges), origin: Vec::with_capacity(4 * edges) }
    }

    /// Returns the number of directed edges.
    pub(super) fn len(&self) -> usize {
        self.next.len()
    }

    /// Adds an edge that is linked to no other.
    pub(super) fn make(&mut self, origin: usize, destination: usize) -> Edge {
        let edge = self.next.len();
        self.next.extend([edge, edge + 3, edge + 2, edge + 1]);
        self.origin.extend([origin, usize::MAX, destination, usize::MAX]);
        edge
    }

    /// Adds an edge from the end of one edge to the start of another, so that all have the same
    /// face to their left.
    pub(super) fn connect(&mut self, from: Edge, to: Edge) -> Edge {
        let edge = self.make(self.destination(from), self.origin(to));
        self.splice(edge, self.left_next(from));
        self.splice(sym(edge), to);
        edge
    }

    /// Exchanges what follows two edges around their origins, which joins or parts them.
    pub(super) fn splice(&mut self, a: Edge, b: Edge) {
        let (alpha, beta) = (rot(self.next(a)), rot(self.next(b)));
        self.next.swap(a, b);
        self.next.swap(alpha, beta);
    }

    /// Turns an edge anticlockwise inside of the two triangles beside it.
    pub(super) fn flip(&mut self, edge: Edge) {
        let a = self.previous(edge);
        let b = self.previous(sym(edge));
        self.splice(edge, a);
        self.splice(sym(edge), b);
        self.splice(edge, self.left_next(a));
        self.splice(sym(edge), self.left_next(b));
        let (start, end) = (self.destination(a), self.destination(b));
        self.set_origin(edge, start);
        self.set_origin(sym(edge), end);
    }

    /// Parts an edge from all others.
    pub(super) fn detach(&mut self, edge: Edge) {
        self.splice(edge, self.previous(edge));
        self.splice(sym(edge), self.previous(sym(edge)));
        self.set_origin(edge, usize::MAX);
        self.set_origin(sym(edge), usize::MAX);
    }

    /// Returns whether an edge was not detached.
    pub(super) fn is_live(&self, edge: Edge) -> bool {
        self.origin(edge) != usize::MAX
    }

    pub(super) fn origin(&self, edge: Edge) -> usize {
        self.origin.get(edge).copied().unwrap_or(usize::MAX)
    }

    pub(super) fn destination(&self, edge: Edge) -> usize {
        self.origin(sym(edge))
    }

    /// Returns the next edge anticlockwise around the origin.
    pub(super) fn next(&self, edge: Edge) -> Edge {
        self.next.get(edge).copied().unwrap_or(edge)
    }

    /// Returns the next edge clockwise around the origin.
    pub(super) fn previous(&self, edge: Edge) -> Edge {
        rot(self.next(rot(edge)))
    }

    /// Returns the next edge clockwise around the destination, pointing at it.
    pub(super) fn destination_previous(&self, edge: Edge) -> Edge {
        inverse_rot(self.next(inverse_rot(edge)))
    }

    /// Returns the next edge around the face to the left.
    pub(super) fn left_next(&self, edge: Edge) -> Edge {
        rot(self.next(inverse_rot(edge)))
    }

    /// Returns the edge before around the face to the left.
    pub(super) fn left_previous(&self, edge: Edge) -> Edge {
        sym(self.next(edge))
    }

    fn set_origin(&mut self, edge: Edge, vertex: usize) {
        if let Some(origin) = self.origin.get_mut(edge) {
            *origin = vertex;
        }
    }
}

/// Returns the edge in the other direction.
pub(super) fn sym(edge: Edge) -> Edge {
    edge ^ 2
}

/// Returns the edge of the dual from right to left.
fn rot(edge: Edge) -> Edge {
    (edge & !3) | ((edge + 1) & 3)
}

/// Returns the edge of the dual from left to right.
fn inverse_rot(edge: Edge) -> Edge {
    (edge & !3) | ((edge + 3) & 3)
}
