import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.roads.distinct import distinct


@given(st.lists(st.integers(-9, 9)), st.sampled_from([np.int32, np.int64]))
def test_they_are_the_values_of_a_set_in_order(values, kind):
    found = distinct(np.array(values, kind))
    assert found.tolist() == sorted(set(values))
    assert found.dtype == np.int64
